using System.Globalization;
using System.Runtime.InteropServices;

namespace ModelBuild.Runtime.Tests.Pictures;

/// <summary>An image that another library prepared; <c>fixtures.py</c> writes these images.</summary>
/// <param name="Library">The library.</param>
/// <param name="Description">The description of the same preparation.</param>
/// <param name="Source">The size of the original; <see cref="TestImages.Source"/> has its pixels.</param>
/// <param name="Size">The size of the result.</param>
/// <param name="IsFloat">Whether the library computed with floats and did not round the result.</param>
/// <param name="Values">The pixels of the result, 0…255, in the order height, width, channel.</param>
internal sealed record ExpectedImage(string Library, string Description, ImageSize Source, ImageSize Size, bool IsFloat, float[] Values)
{
    private static readonly Lazy<ExpectedImage[]> _all = new(Read);

    public static IReadOnlyList<ExpectedImage> All => _all.Value;

    public int Channels => Values.Length / Size.Width / Size.Height;

    public static ExpectedImage Of(string library, string description, int width, int height) =>
        All.Single(image => image.Library == library && image.Description == description && image.Source == new ImageSize(width, height));

    private static ExpectedImage[] Read()
    {
        using var reader = new StreamReader(typeof(ExpectedImage).Assembly.GetManifestResourceStream("pictures/expected.txt")!);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Parse)];
    }

    private static ExpectedImage Parse(string line)
    {
        var fields = line.Split('\t');
        var sides = Array.ConvertAll(fields[2..6], field => int.Parse(field, CultureInfo.InvariantCulture));
        var bytes = Convert.FromBase64String(fields[7]);
        var isFloat = fields[6] == "f4";
        var values = isFloat ? MemoryMarshal.Cast<byte, float>(bytes).ToArray() : Array.ConvertAll(bytes, value => (float)value);
        return new ExpectedImage(fields[0], fields[1], new ImageSize(sides[0], sides[1]), new ImageSize(sides[2], sides[3]), isFloat, values);
    }
}
