using System.Globalization;
using Microsoft.ML.OnnxRuntime.Tensors;
using ModelBuild.Runtime;

namespace ModelBuild.Benchmarks.Runtime;

/// <summary>
/// Measures the preparation of an image of 1920x1080 pixels as a tensor of 640x640 floats, with one thread: a loop over a <see cref="DenseTensor{T}"/> as
/// applications write it, <see cref="ImagePreparation"/>, and a copy of the image's bytes. The goal is a tenth of the loop's time.
/// </summary>
internal static class PicturesBenchmark
{
    private const int Width = 1920;
    private const int Height = 1080;
    private const int Side = 640;

    public static void Run(TextWriter output)
    {
        var pixels = new byte[Width * Height * 3];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)((i * 31) ^ (i >> 7));
        var image = new ImageView(pixels, Width, Height, PixelFormat.Rgb);
        var (copy, values) = (new byte[pixels.Length], new float[3 * Side * Side]);
        var tensor = new DenseTensor<float>([1, 3, Side, Side]);
        var averaging = Preparation("letterbox(640) scale(1/255)");
        var interpolating = Preparation("letterbox(640, antialias=false) scale(1/255)");

        var measurements = Interleaved.Measure([
            ("loop over `DenseTensor`, bilinear", () => Loop(pixels, tensor)),
            ("`ImagePreparation`, bilinear", () => interpolating.Write(image, values)),
            ("`ImagePreparation`, bilinear with antialiasing", () => averaging.Write(image, values)),
            ("copy of the image's bytes", () => pixels.CopyTo(copy, 0)),
        ]);

        output.WriteLine("| 1080p to letterbox 640, float32 NCHW | ms | times as fast as the loop | bytes per call |");
        output.WriteLine("|---|---:|---:|---:|");
        foreach (var (name, nanoseconds, ratio, bytes) in measurements)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {nanoseconds / 1e6:F2} | {1 / ratio:F1} | {bytes:F0} |"));
    }

    private static ImagePreparation Preparation(string description) => new(description, ImageLayout.Nchw, 3, Side, Side);

    private static void Loop(byte[] pixels, DenseTensor<float> tensor)
    {
        var scale = Math.Min((float)Side / Width, (float)Side / Height);
        var (width, height) = ((int)MathF.Round(Width * scale), (int)MathF.Round(Height * scale));
        var (left, top) = ((Side - width) / 2, (Side - height) / 2);
        tensor.Fill(114 / 255f);
        for (var y = 0; y < height; y++)
        for (var x = 0; x < width; x++)
        {
            var (sourceX, sourceY) = (Math.Max(((x + 0.5f) / scale) - 0.5f, 0), Math.Max(((y + 0.5f) / scale) - 0.5f, 0));
            var (x0, y0) = ((int)sourceX, (int)sourceY);
            var (x1, y1) = (Math.Min(x0 + 1, Width - 1), Math.Min(y0 + 1, Height - 1));
            var (fx, fy) = (sourceX - x0, sourceY - y0);
            for (var c = 0; c < 3; c++)
            {
                var upper = (pixels[(((y0 * Width) + x0) * 3) + c] * (1 - fx)) + (pixels[(((y0 * Width) + x1) * 3) + c] * fx);
                var lower = (pixels[(((y1 * Width) + x0) * 3) + c] * (1 - fx)) + (pixels[(((y1 * Width) + x1) * 3) + c] * fx);
                tensor[0, c, top + y, left + x] = ((upper * (1 - fy)) + (lower * fy)) / 255f;
            }
        }
    }
}
