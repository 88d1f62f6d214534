using System.Globalization;
using System.Text.RegularExpressions;
using ModelBuild.Testing;

namespace ModelBuild.Samples.Tests;

/// <summary>The program that finds speech.</summary>
public sealed partial class SpeechFinderTests
{
    [Fact]
    public async Task Finds_what_the_saved_probabilities_say()
    {
        // The sample contains its model only if the corpus was there when it was built.
        _ = Corpus.Path("models/silero_vad.onnx");
        using var program = Samples.Start("SpeechFinder", Corpus.Path("data/speech/silero_test.wav"));
        var output = await program.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await program.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, program.ExitCode);

        var segments = Segment().Matches(output).Select(match => (Start: Number(match.Groups[1]), End: Number(match.Groups[2]))).ToArray();
        var probabilities = File.ReadAllLines(Corpus.Path("data/speech/silero_vad.fp32_probs.txt"))
            .Select(line => float.Parse(line, CultureInfo.InvariantCulture))
            .ToArray();
        Assert.NotEmpty(segments);
        // Chunks of 512 samples at 16 kHz that are clearly speech or clearly silence are counted. A short pause within speech counts as speech.
        var (speech, found, silence, heard) = (0, 0, 0, 0);
        foreach (var (chunk, probability) in probabilities.Index())
        {
            var isIn = segments.Any(segment => segment.Start <= (chunk * 0.032) + 0.016 && (chunk * 0.032) + 0.016 < segment.End);
            if (probability >= 0.6)
                (speech, found) = (speech + 1, found + (isIn ? 1 : 0));
            else if (probability < 0.1)
                (silence, heard) = (silence + 1, heard + (isIn ? 1 : 0));
        }

        Assert.InRange(found, speech * 98 / 100, speech);
        Assert.InRange(heard, 0, silence / 4);
    }

    private static double Number(Group group) => double.Parse(group.Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"([0-9.]+) s to +([0-9.]+) s")]
    private static partial Regex Segment();
}
