using System.Globalization;
using System.Text;
using Microsoft.ML.Tokenizers;
using ModelBuild.Testing.Pretrained;
using ModelBuild.Text;

namespace ModelBuild.Benchmarks.Runtime;

/// <summary>
/// Measures the encoding of a thousand sentences with the vocabulary of MiniLM, with one thread: <see cref="BertTokenizer"/>, whose ids differ from Hugging
/// Face's on some texts, and <see cref="TextTokenizer"/>. The goal is 5 MB per second.
/// </summary>
internal static class TextBenchmark
{
    private const int Sentences = 1000;

    private static readonly string[] Words =
    [
        "the model turns a sentence into tokens",
        "nobody expected transformers to be measured here",
        "3.5 megabytes per second, on a single core",
        "tokenization of unusual words such as electroencephalography",
        "it's what they'll don't know",
        "Zürich and São Paulo have accents",
    ];

    public static void Run(TextWriter output)
    {
        var vocabulary = PretrainedModels.MiniLmVocabulary;
        if (vocabulary is null)
        {
            output.WriteLine("The NuGet package with MiniLM's vocabulary was not restored.");
            return;
        }

        var sentences = Enumerable.Range(0, Sentences).Select(i => $"{Words[i % Words.Length]}, {Words[i / 7 % Words.Length]}; {i}.").ToArray();
        var bytes = sentences.Sum(sentence => Encoding.UTF8.GetByteCount(sentence));
        var other = BertTokenizer.Create(vocabulary);
        using var tokenizer = TextTokenizer.Load(vocabulary);

        var measurements = Interleaved.Measure([
            ("`BertTokenizer`", () => Array.ForEach(sentences, sentence => other.EncodeToIds(sentence))),
            ("`TextTokenizer`", () => Array.ForEach(sentences, sentence => tokenizer.Encode(sentence))),
        ]);

        output.WriteLine("| WordPiece of MiniLM | MB per second | times as fast as `BertTokenizer` | bytes per sentence |");
        output.WriteLine("|---|---:|---:|---:|");
        foreach (var (name, nanoseconds, ratio, allocated) in measurements)
            output.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"| {name} | {bytes / nanoseconds * 1e3:F1} | {1 / ratio:F1} | {allocated / Sentences:F0} |")
            );
    }
}
