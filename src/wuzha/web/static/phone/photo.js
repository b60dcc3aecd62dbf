// Makes a photo small enough to send, on the phone. Drawing it anew leaves out everything but the picture: no place, no
// camera, no time.
const LARGEST_BYTES = 300 * 1024;
const STEPS = [[1600, 0.8], [1600, 0.65], [1280, 0.65], [1280, 0.5], [1024, 0.5], [800, 0.5], [640, 0.4]];
const COARSER = [0.65, 0.5];

// Gives { bytes, type, size, sha256 }. Throws when the file is no picture that this phone can open.
export async function shrink(file) {
  const picture = await open(file, STEPS[0][0]);
  try {
    for (const [side, quality] of STEPS) {
      const bytes = await writeSmall(picture, side, quality, file.size);
      if (bytes.byteLength <= LARGEST_BYTES) return { bytes, type: "image/jpeg", size: bytes.byteLength, sha256: await hash(bytes) };
    }
  } finally {
    picture.close();
  }
  throw new Error("too large");
}

// Drawn anew a small photo must not weigh more than it did; rather it is drawn a little coarser.
async function writeSmall(picture, side, quality, weight) {
  let bytes = await write(picture, side, quality);
  for (const coarser of COARSER) {
    if (bytes.byteLength <= weight || bytes.byteLength > LARGEST_BYTES) break;
    if (coarser < quality) bytes = await write(picture, side, coarser);
  }
  return bytes;
}

// A photo of 40 megapixels is 160 MB once it is unpacked. Where the browser can, it is made smaller while it is read;
// its width and height are known before that. None is ever made larger.
async function open(file, side) {
  const address = URL.createObjectURL(file);
  const close = () => URL.revokeObjectURL(address);
  const image = new Image();
  try {
    await new Promise((resolve, reject) => {
      image.onload = resolve;
      image.onerror = () => reject(new Error("no picture"));
      image.src = address;
    });
  } catch (error) {
    close();
    throw error;
  }
  const { naturalWidth: width, naturalHeight: height } = image;
  const bitmap = await openSmaller(file, width, height, side);
  if (!bitmap) return { image, width, height, close };
  close();
  return { image: bitmap, width: bitmap.width, height: bitmap.height, close: () => bitmap.close() };
}

async function openSmaller(file, width, height, side) {
  if (!self.createImageBitmap || Math.max(width, height) <= side) return null;
  const scale = side / Math.max(width, height);
  const wanted = { resizeWidth: Math.max(1, Math.round(width * scale)), resizeHeight: Math.max(1, Math.round(height * scale)), resizeQuality: "medium" };
  try {
    return await createImageBitmap(file, wanted);
  } catch (error) {
    // An older browser knows the function but not this way of asking; it draws the picture as a whole.
    return null;
  }
}

async function write(picture, side, quality) {
  const scale = Math.min(1, side / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const brush = canvas.getContext("2d");
  brush.fillStyle = "#fff";
  brush.fillRect(0, 0, canvas.width, canvas.height);
  brush.drawImage(picture.image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
  // Old phones give the memory of a canvas back only when it is made empty.
  canvas.width = canvas.height = 0;
  if (!blob) throw new Error("no picture");
  return new Response(blob).arrayBuffer();
}

async function hash(bytes) {
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Hashing needs a page served over https; without it no photo can be proved whole, so none is taken.
export const canTakePhotos = Boolean(self.crypto && crypto.subtle);
