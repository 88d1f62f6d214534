using System.Runtime.CompilerServices;
using System.Text;
using ModelBuild.Text.Encodings;
using ModelBuild.Text.Files;
using ModelBuild.Text.Native;
using ModelBuild.Text.WordPiece;

namespace ModelBuild.Text.Loading;

/// <summary>Reads the files of a tokenizer, and chooses the implementation whose token ids equal those of Hugging Face's library.</summary>
internal static class TokenizerLoader
{
    private const string Json = "tokenizer.json";
    private const string Vocabulary = "vocab.txt";
    private const string SentencePiece = "tokenizer.model";

    /// <summary>Loads the tokenizer in a folder or in a file.</summary>
    public static LoadedTokenizer Load(string path)
    {
        if (Directory.Exists(path))
            return Load(new TextFiles(path), path);
        if (!File.Exists(path))
            throw new TokenizerException(path, "There is no such file or folder.");
        var (files, name) = (new TextFiles(Path.GetDirectoryName(Path.GetFullPath(path))!), Path.GetFileName(path));
        return Path.GetExtension(path).ToUpperInvariant() switch
        {
            ".JSON" => FromJson(files, name, Bytes(files, name)),
            ".TXT" => FromVocabulary(files, name, Bytes(files, name)),
            ".MODEL" => FromSentencePiece(files, name, Bytes(files, name)),
            _ => throw new TokenizerException(path, $"A tokenizer is a folder, or a file like '{Json}', '{Vocabulary}' or '{SentencePiece}'."),
        };
    }

    /// <summary>Loads the tokenizer of a set of files.</summary>
    /// <param name="files">The files.</param>
    /// <param name="name">The name of the set for messages.</param>
    public static LoadedTokenizer Load(TextFiles files, string name)
    {
        if (files.Read(Json) is { } json)
            return FromJson(files, Json, json);
        if (files.Read(Vocabulary) is { } vocabulary)
            return FromVocabulary(files, Vocabulary, vocabulary);
        if (files.Read(SentencePiece) is { } model)
            return FromSentencePiece(files, SentencePiece, model);
        throw new TokenizerException(name, $"There is no '{Json}', '{Vocabulary}' or '{SentencePiece}'.");
    }

    private static byte[] Bytes(TextFiles files, string name) => files.Read(name)!;

    private static LoadedTokenizer FromJson(TextFiles files, string name, byte[] json) => FromJson(files, name, json, TokenizerSettings.Read(files));

    private static LoadedTokenizer FromJson(TextFiles files, string name, byte[] json, TokenizerSettings settings)
    {
        var file = files.Describe(name);
        var document = TokenizerDocument.Read(file, json);
        ITextEncoder encoder = document.WordPiece is { } wordPiece ? WordPiece(file, document.Tokens, document.Added, wordPiece) : Native(file, json, document);
        return Create(encoder, files, settings, document.Tokens, document.Added, document.Template, document, null);
    }

    private static LoadedTokenizer FromVocabulary(TextFiles files, string name, byte[] bytes)
    {
        var file = files.Describe(name);
        var settings = TokenizerSettings.Read(files);
        var tokens = Lines(bytes);
        var kind = Kind(file, files, settings);
        var (start, end, mask) = (Named("cls_token", kind.Start), Named("sep_token", kind.End), Named("mask_token", kind.Mask));
        var added = new List<AddedToken>();
        foreach (var content in new[] { Named("pad_token", kind.Padding), Named("unk_token", "[UNK]"), start, end, mask })
            if (Array.IndexOf(tokens, content) is var id and >= 0)
                added.Add(AddedToken.Special(id, content) with { StripsLeft = kind.IsMpnet && content == mask });
        var encoder = WordPiece(file, tokens, added, WordPieceSettings.From(settings));
        return Create(encoder, files, settings, tokens, added, kind.Template(Id(start), Id(end)), null, kind.Padding);

        string Named(string token, string usual) => settings.Token(token) ?? usual;

        int Id(string token) =>
            Array.IndexOf(tokens, token) is var id and >= 0 ? id : throw new TokenizerException(file, $"The vocabulary lacks the token '{token}'.");
    }

    private static VocabularyKind Kind(string file, TextFiles files, TokenizerSettings settings)
    {
        try
        {
            return VocabularyKind.Read(files, settings);
        }
        catch (FormatException e)
        {
            throw new TokenizerException(file, e.Message, e);
        }
    }

    private static LoadedTokenizer FromSentencePiece(TextFiles files, string name, byte[] bytes)
    {
        var settings = TokenizerSettings.Read(files);
        byte[] json;
        try
        {
            json = SentencePieceConversion.ToJson(SentencePieceModel.Read(bytes), settings);
        }
        catch (FormatException e)
        {
            throw new TokenizerException(files.Describe(name), e.Message, e);
        }

        return FromJson(files, name, json, settings);
    }

    // The method is not inlined, so that the library is loaded only for a tokenizer that needs it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static NativeEncoder Native(string file, byte[] json, TokenizerDocument document) =>
        new(file, json, document, path => new Tokenizers.DotNet.Tokenizer(path));

    private static WordPieceEncoder WordPiece(string file, string?[] tokens, IReadOnlyList<AddedToken> added, WordPieceSettings settings)
    {
        try
        {
            return new WordPieceEncoder(tokens, added, settings);
        }
        catch (Exception e) when (e is FormatException or ArgumentException or InvalidOperationException)
        {
            throw new TokenizerException(file, e.Message, e);
        }
    }

    private static LoadedTokenizer Create(
        ITextEncoder encoder,
        TextFiles files,
        TokenizerSettings settings,
        string?[] tokens,
        IReadOnlyList<AddedToken> added,
        TokenTemplate template,
        TokenizerDocument? document,
        string? usualPadding
    )
    {
        var padId = Id(settings.Token("pad_token") ?? usualPadding);
        var padding = new PaddingSettings(
            padId ?? document?.Padding?.Id ?? 0,
            document?.Padding?.TypeId ?? 0,
            settings.PaddingSide is { } side ? side == "left" : document?.Padding?.IsLeft ?? false
        );
        return new LoadedTokenizer(
            encoder,
            template,
            tokens,
            added.Where(token => token.IsSpecial).Select(token => token.Id).ToHashSet(),
            padding,
            Id(settings.Token("eos_token")),
            ModelLength.Read(files, settings) ?? document?.TruncationLength,
            settings.TruncationSide is { } truncation ? truncation == "left" : document?.TruncatesLeft ?? false
        );

        int? Id(string? token) => token is not null && Array.LastIndexOf(tokens, token) is var id and >= 0 ? id : null;
    }

    /// <summary>Returns the lines of a vocabulary, which has one token on each line. White space at the end of a line is not part of the token.</summary>
    private static string[] Lines(byte[] bytes)
    {
        var text = Encoding.UTF8.GetString(bytes.AsSpan().StartsWith("\uFEFF"u8) ? bytes.AsSpan(3) : bytes);
        var lines = text.Split('\n');
        return [.. lines.Take(lines[^1].Length == 0 ? lines.Length - 1 : lines.Length).Select(line => line.TrimEnd())];
    }
}
