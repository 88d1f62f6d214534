using System.Globalization;
using System.Runtime.InteropServices;

namespace ModelBuild.Runtime.Tests.Sounds;

/// <summary>A recording that another library prepared; <c>fixtures.py</c> writes these recordings.</summary>
/// <param name="Library">The library, or the model whose published formulas were computed.</param>
/// <param name="Description">The description of the same preparation.</param>
/// <param name="Rate">The sample rate of the recording.</param>
/// <param name="Samples">The number of samples of the recording; <see cref="TestSounds.Source"/> has them.</param>
/// <param name="Size">The size of the result.</param>
/// <param name="Values">The result, in the order bands, frames.</param>
internal sealed record ExpectedSound(string Library, string Description, int Rate, int Samples, AudioSize Size, float[] Values)
{
    private static readonly Lazy<ExpectedSound[]> _all = new(Read);

    public static IReadOnlyList<ExpectedSound> All => _all.Value;

    public static ExpectedSound Of(string description, int rate) => All.Single(sound => sound.Description == description && sound.Rate == rate);

    private static ExpectedSound[] Read()
    {
        using var reader = new StreamReader(typeof(ExpectedSound).Assembly.GetManifestResourceStream("sounds/expected.txt")!);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Parse)];
    }

    private static ExpectedSound Parse(string line)
    {
        var fields = line.Split('\t');
        var numbers = Array.ConvertAll(fields[2..6], field => int.Parse(field, CultureInfo.InvariantCulture));
        var values = MemoryMarshal.Cast<byte, float>(Convert.FromBase64String(fields[6])).ToArray();
        return new ExpectedSound(fields[0], fields[1], numbers[0], numbers[1], new AudioSize(numbers[2], numbers[3]), values);
    }
}
