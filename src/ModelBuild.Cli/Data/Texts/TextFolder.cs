using ModelBuild.Compression.Descriptions;
using ModelBuild.Compression.Signatures;
using ModelBuild.Text;
using ModelBuild.Text.Files;

namespace ModelBuild.Cli.Data.Texts;

/// <summary>Reads the facts about methods that take texts from the files of a tokenizer, without loading the libraries that encode texts.</summary>
internal static class TextFolder
{
    private const string Json = "tokenizer.json";

    /// <summary>Adds the facts in the tokenizer's files to the description of the tokenizer.</summary>
    /// <param name="described">The descriptions of the model.</param>
    /// <param name="signature">The signature of the model.</param>
    public static DescribedModel Describe(DescribedModel described, ModelSignature signature) =>
        described.Tokenizer.Count == 0
            ? described
            : described with
            {
                Descriptions =
                [
                    .. described.Descriptions.Select(description =>
                        description.Name == ItemMetadata.Tokenizer.Name ? description with { Texts = Read(described.Tokenizer, signature) } : description
                    ),
                ],
            };

    private static TextFacts Read(IReadOnlyList<TokenizerFile> tokenizer, ModelSignature signature)
    {
        var streams = tokenizer.ToDictionary(file => file.Name, file => (Func<Stream>)(() => File.OpenRead(file.Path)));
        try
        {
            var folder = TextModelFolder.Read(streams);
            var pooling = IsPooled(signature) ? Pooling(folder, streams) : null;
            return new TextFacts(pooling, folder.MaxLength ?? ModelLength.ReadTruncation(new TextFiles(streams), Json), null);
        }
        catch (TokenizerException exception)
        {
            return new TextFacts(null, null, exception.Message);
        }
    }

    // Returns whether the vectors of tokens are pooled. The generated class uses the same output. An output with two dimensions has the vectors of texts, so it
    // is not pooled.
    private static bool IsPooled(ModelSignature signature) =>
        TextOutputNames
            .Vectors.Select(name =>
                signature.Outputs.FirstOrDefault(output => output.Name == name && output is { Kind: ValueKind.Tensor, Type: "float32", Shape.Count: 2 or 3 })
            )
            .FirstOrDefault(output => output is not null)
            is { Shape.Count: 3 };

    private static string Pooling(TextModelFolder folder, Dictionary<string, Func<Stream>> files)
    {
        var kind = Name(folder.Pooling ?? TextPoolingKind.Mean);
        var scale = folder.IsNormalized ? "normalized" : "not normalized";
        return (files.ContainsKey(SentenceModules.PoolingFile), files.ContainsKey(SentenceModules.FileName)) switch
        {
            (true, true) => $"{kind}, {scale}",
            (true, false) => $"{kind}; {scale}, because there is no {SentenceModules.FileName}",
            (false, true) => $"{kind}, because there is no {SentenceModules.PoolingFile}; {scale}",
            (false, false) => $"{kind}, {scale}, because there is no {SentenceModules.PoolingFile} and no {SentenceModules.FileName}",
        };
    }

    private static string Name(TextPoolingKind kind) =>
        kind switch
        {
            TextPoolingKind.Mean => "mean",
            TextPoolingKind.Cls => "first token",
            TextPoolingKind.Max => "maximum",
            TextPoolingKind.MeanSquareRoot => "mean by the square root of the length",
            TextPoolingKind.WeightedMean => "weighted mean",
            TextPoolingKind.LastToken => "last token",
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such way of pooling."),
        };
}
