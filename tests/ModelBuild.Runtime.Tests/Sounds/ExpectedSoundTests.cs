namespace ModelBuild.Runtime.Tests.Sounds;

/// <summary>Prepared recordings are those of torchaudio and scipy, and those of the published formulas of models.</summary>
public sealed class ExpectedSoundTests
{
    private const float Tolerance = 1e-4f;

    public static TheoryData<string, string, int> Cases() => ToCases(ExpectedSound.All);

    public static TheoryData<string, string, int> Spectra() =>
        ToCases(ExpectedSound.All.Where(sound => TestSounds.Layout(sound.Description) != AudioLayout.Samples));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Values_are_those_of_the_library(string library, string description, int rate)
    {
        var expected = ExpectedSound.Of(description, rate);
        var preparation = new AudioPreparation(description, TestSounds.Layout(description));

        var actual = TestSounds.Prepare(description, TestSounds.Source(expected.Samples), rate);

        Assert.Equal(library, expected.Library);
        Assert.Equal(expected.Size, preparation.Size(expected.Samples, rate));
        Assert.Equal(expected.Values, actual, IsNear);
    }

    [Theory]
    [MemberData(nameof(Spectra))]
    public void The_other_layout_has_the_same_values(string library, string description, int rate)
    {
        var expected = ExpectedSound.Of(description, rate);
        Assert.Equal(library, expected.Library);
        var (bands, frames) = expected.Size;
        var transposed = new float[expected.Values.Length];

        new AudioPreparation(description, AudioLayout.FramesBands).Write(TestSounds.Source(expected.Samples), rate, 1, transposed);

        Assert.Equal(expected.Values, Enumerable.Range(0, transposed.Length).Select(i => transposed[(i % frames * bands) + (i / frames)]), IsNear);
    }

    private static TheoryData<string, string, int> ToCases(IEnumerable<ExpectedSound> sounds)
    {
        var cases = new TheoryData<string, string, int>();
        foreach (var sound in sounds)
            cases.Add(sound.Library, sound.Description, sound.Rate);
        return cases;
    }

    // Values of spectra are up to some thousands, so the tolerance follows the value.
    private static bool IsNear(float expected, float actual) => MathF.Abs(expected - actual) <= Tolerance * MathF.Max(1, MathF.Abs(expected));
}
