using System.Text.Json;
using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Descriptions;
using ModelBuild.Text;
using ModelBuild.Text.Files;

namespace ModelBuild.Cli.Data.Texts;

/// <summary>
/// Reads the token ids of a model for synthetic inputs, without the libraries that encode texts. A file that cannot be read counts as missing.
/// </summary>
internal static class SpecialTokens
{
    /// <summary>Reads the token ids of a model from the files beside it.</summary>
    /// <param name="model">The path of the model.</param>
    /// <param name="vocabulary">The path of the file with the vocabulary; null if there is none.</param>
    /// <returns>The ids; null if no file has them.</returns>
    public static DescribedTokens? Read(string model, string? vocabulary)
    {
        try
        {
            return (vocabulary is null ? null : OfTokenizer(vocabulary)) ?? OfConfig(Config(model));
        }
        catch (Exception exception)
            when (exception is TokenizerException or JsonException or IOException or UnauthorizedAccessException or FormatException or InvalidOperationException
            )
        {
            return null;
        }
    }

    private static DescribedTokens? OfTokenizer(string file)
    {
        var files = new TextFiles(Path.GetDirectoryName(Path.GetFullPath(file))!);
        var settings = TokenizerSettings.Read(files);
        switch (Path.GetExtension(file).ToLowerInvariant())
        {
            case ".txt":
                string[] lines = [.. File.ReadAllLines(file).Select(line => line.TrimEnd())];
                var kind = VocabularyKind.Read(files, settings);
                var (start, end) = (Id("cls_token", kind.Start), Id("sep_token", kind.End));
                return new DescribedTokens(lines.Length, [start], [end], Math.Max(0, Id("pad_token", kind.Padding)));

                int Id(string name, string usual) => Array.IndexOf(lines, settings.Token(name) ?? usual);
            case ".json":
                var document = TokenizerDocument.Read(file, File.ReadAllBytes(file));
                var template = document.Template.Single;
                var pad = settings.Token("pad_token") is { } token ? Array.LastIndexOf(document.Tokens, token) : -1;
                return new DescribedTokens(
                    document.Tokens.Length,
                    [.. template.TakeWhile(part => part.Sequence < 0).Select(part => part.Id)],
                    [.. template.SkipWhile(part => part.Sequence < 0).Skip(1).Select(part => part.Id)],
                    pad >= 0 ? pad : document.Padding?.Id ?? 0
                );
            default:
                return null;
        }
    }

    private static DescribedTokens? OfConfig(string file)
    {
        if (!File.Exists(file))
            return null;
        using var document = JsonDocument.Parse(File.ReadAllBytes(file));
        return Number(document.RootElement, "vocab_size") is { } size
            ? new DescribedTokens(size, [], [], Number(document.RootElement, "pad_token_id") ?? 0)
            : null;
    }

    private static int? Number(JsonElement root, string name) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out var value) && value.TryGetInt32(out var number) ? number : null;

    private static string Config(string model) =>
        Path.Combine(HuggingFaceFolder.Of(Path.GetDirectoryName(Path.GetFullPath(model))!), HuggingFaceConfig.FileName);
}
