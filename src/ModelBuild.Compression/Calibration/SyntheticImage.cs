using ModelBuild.Compression.Randomness;

namespace ModelBuild.Compression.Calibration;

/// <summary>
/// Computes an image with the statistics of photographs. The brightness changes smoothly at several scales (value noise whose amplitude halves from one scale
/// to the next finer one), the channels correlate, and there are rectangles with sharp edges. White noise is no substitute, because most of its contrast lies
/// in fine detail that photographs do not have.
/// </summary>
internal static class SyntheticImage
{
    private const int CoarsestCell = 4;
    private const int Octaves = 5;
    private const int Rectangles = 4;

    // The share of a channel's pixel values that is independent of the other channels of the synthetic image.
    private const double Colour = 0.35;

    /// <summary>Returns the pixel values of synthetic images in row-major order of the shape.</summary>
    /// <param name="shape">The sizes [images, channels, rows, columns], or with the channels last.</param>
    /// <param name="range">The values for black and white.</param>
    /// <param name="random">The generator of random numbers.</param>
    public static double[] Values(long[] shape, PixelRange range, SplitMix64 random)
    {
        var (channels, height, width) = range.ChannelsLast ? ((int)shape[3], (int)shape[1], (int)shape[2]) : ((int)shape[1], (int)shape[2], (int)shape[3]);
        var values = new double[shape[0] * channels * height * width];
        for (var image = 0; image < shape[0]; image++)
        {
            var brightness = Plane(height, width, random);
            for (var channel = 0; channel < channels; channel++)
            {
                var own = Plane(height, width, random);
                var (black, white) = range[channel];
                for (var pixel = 0; pixel < height * width; pixel++)
                {
                    var value = Math.Clamp((1 - Colour) * brightness[pixel] + Colour * own[pixel], 0, 1);
                    var index = range.ChannelsLast
                        ? (image * height * width + pixel) * channels + channel
                        : (image * channels + channel) * height * width + pixel;
                    values[index] = black + value * (white - black);
                }
            }
        }

        return values;
    }

    private static double[] Plane(int height, int width, SplitMix64 random)
    {
        var plane = new double[height * width];
        var weight = 0.5;
        for (var octave = 0; octave < Octaves; octave++, weight /= 2)
            AddNoise(plane, height, width, CoarsestCell << octave, weight, random);
        for (var i = 0; i < Rectangles; i++)
            AddRectangle(plane, height, width, random);
        return plane;
    }

    // Adds noise to the pixels of one channel: random values on a coarse grid, interpolated bilinearly between the points of the grid.
    private static void AddNoise(double[] plane, int height, int width, int cells, double weight, SplitMix64 random)
    {
        var grid = new double[(cells + 1) * (cells + 1)];
        for (var i = 0; i < grid.Length; i++)
            grid[i] = random.NextDouble();
        for (var y = 0; y < height; y++)
        {
            var (row, down) = Place(y, height, cells);
            for (var x = 0; x < width; x++)
            {
                var (column, right) = Place(x, width, cells);
                var at = row * (cells + 1) + column;
                var above = grid[at] + (grid[at + 1] - grid[at]) * right;
                var below = grid[at + cells + 1] + (grid[at + cells + 2] - grid[at + cells + 1]) * right;
                plane[y * width + x] += weight * (above + (below - above) * down);
            }
        }
    }

    private static (int Cell, double Share) Place(int position, int size, int cells)
    {
        var place = (double)position * cells / size;
        return ((int)place, place - (int)place);
    }

    private static void AddRectangle(double[] plane, int height, int width, SplitMix64 random)
    {
        var (top, left) = ((int)random.Below(height), (int)random.Below(width));
        var (bottom, right) = (top + (int)random.Below(height / 2 + 1), left + (int)random.Below(width / 2 + 1));
        var step = random.NextDouble() - 0.5;
        for (var y = top; y < Math.Min(bottom, height); y++)
        for (var x = left; x < Math.Min(right, width); x++)
            plane[y * width + x] += step;
    }
}
