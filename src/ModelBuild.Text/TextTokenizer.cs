using ModelBuild.Text.Encodings;
using ModelBuild.Text.Files;
using ModelBuild.Text.Loading;

namespace ModelBuild.Text;

/// <summary>
/// Converts texts to the token ids that a model takes, and back, with the ids of Hugging Face's library. Tokenizers like BERT's (WordPiece) are managed code.
/// All others need the package <c>Tokenizers.DotNet.runtime.&lt;rid&gt;</c> in the application. Calls may run at the same time.
/// </summary>
/// <remarks>
/// A surrogate without its other half is encoded as the replacement character U+FFFD. If a text contains the text of a special token, such as <c>[SEP]</c>,
/// that part is encoded as the id of the special token.
/// </remarks>
public sealed class TextTokenizer : IDisposable
{
    private readonly LoadedTokenizer _loaded;

    private TextTokenizer(string name, LoadedTokenizer loaded, TextModelFolder model, int? maxLength)
    {
        _loaded = loaded;
        Model = loaded.EndId is { } end && model.StopTokens.Count == 0 ? model.WithStopTokens([end]) : model;
        MaxLength = maxLength is { } limit ? Math.Min(limit, loaded.MaxLength ?? limit) : loaded.MaxLength;
        if (MaxLength is null || MaxLength > SpecialCount(loaded.Template.Pair))
            return;
        loaded.Encoder.Dispose();
        throw new TokenizerException(name, $"The maximum of {MaxLength} tokens leaves no room for text beside the special tokens.");
    }

    /// <summary>Gets the size of the vocabulary, which is the largest id plus 1. The embedding table of the model must have at least as many rows.</summary>
    public int VocabularySize => _loaded.Tokens.Count;

    /// <summary>
    /// Gets the largest number of tokens of a text, special ones included; longer texts are cut. The value is null if the files name none, or a value such as
    /// 1e30.
    /// </summary>
    public int? MaxLength { get; }

    /// <summary>
    /// Gets the id of the token that fills the rows of batches. The id is 0 if the files name none; the attention mask excludes these tokens.
    /// </summary>
    public int PadId => _loaded.Padding.Id;

    /// <summary>
    /// Gets the properties of the model that the files beside the tokenizer name: pooling, labels, task and the tokens that end a text. If no file names the
    /// ids of the tokens that end a text, <c>eos_token</c> of <c>tokenizer_config.json</c> or <c>special_tokens_map.json</c> ends it.
    /// </summary>
    public TextModelFolder Model { get; }

    /// <summary>Loads the tokenizer of a model from a folder or a file.</summary>
    /// <param name="path">
    /// A folder, or a <c>tokenizer.json</c>, <c>vocab.txt</c> or <c>tokenizer.model</c>. <c>tokenizer_config.json</c>, <c>special_tokens_map.json</c>,
    /// <c>sentence_bert_config.json</c>, <c>config.json</c>, <c>generation_config.json</c>, <c>modules.json</c> and <c>1_Pooling/config.json</c> beside it
    /// are read where they exist.
    /// </param>
    /// <exception cref="TokenizerException">A file is missing, broken or not supported, or the native library that it needs is missing.</exception>
    public static TextTokenizer Load(string path) => LoadPath(path, null);

    /// <summary>Loads the tokenizer of a model from a folder or a file, and limits the number of tokens of a text.</summary>
    /// <param name="path">A folder or a file.</param>
    /// <param name="maxLength">The largest number of tokens of a text. The files may name a smaller one.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxLength"/> is not positive.</exception>
    /// <exception cref="TokenizerException">A file is missing, broken or not supported, or the native library that it needs is missing.</exception>
    public static TextTokenizer Load(string path, int maxLength) => LoadPath(path, maxLength);

    /// <summary>Loads the tokenizer of a model from named streams, such as embedded resources.</summary>
    /// <param name="files">Opens each file by the name that it has in the folder of a model, such as <c>tokenizer.json</c>. The streams are closed.</param>
    /// <exception cref="TokenizerException">A file is missing, broken or not supported, or the native library that it needs is missing.</exception>
    public static TextTokenizer Load(IReadOnlyDictionary<string, Func<Stream>> files) => LoadFiles(files, null);

    /// <summary>Loads the tokenizer of a model from named streams, such as embedded resources, and limits the number of tokens of a text.</summary>
    /// <param name="files">Opens each file by the name that it has in the folder of a model, such as <c>tokenizer.json</c>. The streams are closed.</param>
    /// <param name="maxLength">The largest number of tokens of a text. The files may name a smaller one.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxLength"/> is not positive.</exception>
    /// <exception cref="TokenizerException">A file is missing, broken or not supported, or the native library that it needs is missing.</exception>
    public static TextTokenizer Load(IReadOnlyDictionary<string, Func<Stream>> files, int maxLength) => LoadFiles(files, maxLength);

    /// <summary>
    /// Encodes a text with the special tokens of the model. A text that is too long loses tokens at its end, or at its start if the files specify this.
    /// </summary>
    /// <param name="text">The text. It may be empty.</param>
    public EncodedText Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return EncodeTexts(text, null);
    }

    /// <summary>
    /// Encodes a pair of texts, such as a question and a passage. If both together are too long, the longer one loses tokens until both are equally long, and
    /// then both lose tokens.
    /// </summary>
    /// <param name="first">The first text.</param>
    /// <param name="second">The second text.</param>
    public EncodedText Encode(string first, string second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        return EncodeTexts(first, second);
    }

    /// <summary>Encodes texts as the rows of a batch.</summary>
    /// <param name="texts">The texts.</param>
    public EncodedBatch Encode(ReadOnlySpan<string> texts)
    {
        var encoded = new EncodedText[texts.Length];
        for (var i = 0; i < encoded.Length; i++)
            encoded[i] = Encode(texts[i]);
        return Pad(encoded);
    }

    /// <summary>Encodes pairs of texts as the rows of a batch.</summary>
    /// <param name="firsts">The first text of each pair.</param>
    /// <param name="seconds">The second text of each pair.</param>
    /// <exception cref="ArgumentException">The numbers of texts differ.</exception>
    public EncodedBatch Encode(ReadOnlySpan<string> firsts, ReadOnlySpan<string> seconds)
    {
        if (firsts.Length != seconds.Length)
            throw new ArgumentException($"There are {firsts.Length} first texts and {seconds.Length} second ones.", nameof(seconds));
        var encoded = new EncodedText[firsts.Length];
        for (var i = 0; i < encoded.Length; i++)
            encoded[i] = Encode(firsts[i], seconds[i]);
        return Pad(encoded);
    }

    /// <summary>
    /// Combines encoded texts to a batch. Shorter texts are filled with <see cref="PadId"/>, at the end or at the start as the files specify.
    /// </summary>
    /// <param name="texts">The texts, in the order of the rows.</param>
    public EncodedBatch Pad(ReadOnlySpan<EncodedText> texts) => new(texts, PadId, _loaded.Padding.TypeId, _loaded.Padding.IsLeft);

    /// <summary>Returns the text that token ids stand for. Ids outside of the vocabulary have no text.</summary>
    /// <param name="ids">The ids.</param>
    /// <param name="skipSpecial">Whether special tokens, such as <c>[SEP]</c>, are left out.</param>
    public string Decode(ReadOnlySpan<int> ids, bool skipSpecial = true)
    {
        if (!skipSpecial)
            return _loaded.Encoder.Decode(ids);
        var kept = new List<int>(ids.Length);
        foreach (var id in ids)
            if (!IsSpecial(id))
                kept.Add(id);
        return _loaded.Encoder.Decode(kept.ToArray());
    }

    /// <summary>Returns the id of a token, such as <c>[MASK]</c>. The value is null if the vocabulary lacks it.</summary>
    /// <param name="token">The text of the token as in the vocabulary.</param>
    public int? FindId(string token)
    {
        for (var id = _loaded.Tokens.Count - 1; id >= 0; id--)
            if (_loaded.Tokens[id] == token)
                return id;
        return null;
    }

    /// <summary>Returns whether an id is that of a special token, such as <c>[SEP]</c>, which is no part of a text.</summary>
    /// <param name="id">The id.</param>
    public bool IsSpecial(int id) => _loaded.SpecialIds.Contains(id);

    /// <summary>Releases the memory of the native library, if the tokenizer uses it.</summary>
    public void Dispose() => _loaded.Encoder.Dispose();

    private EncodedText EncodeTexts(string first, string? second)
    {
        var texts = second is null ? [WellFormedText.Of(first)] : new[] { WellFormedText.Of(first), WellFormedText.Of(second) };
        var sequences = Array.ConvertAll(texts, _loaded.Encoder.Encode);
        var template = second is null ? _loaded.Template.Single : _loaded.Template.Pair;
        var kept = Kept(sequences, SpecialCount(template));
        var length = SpecialCount(template);
        for (var i = 0; i < sequences.Length; i++)
            length += sequences[i].AsSpan(kept[i]).Length;
        var (ids, typeIds) = (new int[length], new int[length]);
        var count = 0;
        foreach (var part in template)
        {
            var tokens = part.Sequence < 0 ? [part.Id] : sequences[part.Sequence].AsSpan(kept[part.Sequence]);
            tokens.CopyTo(ids.AsSpan(count));
            typeIds.AsSpan(count, tokens.Length).Fill(part.TypeId);
            count += tokens.Length;
        }

        var isTruncated = length - SpecialCount(template) < sequences.Sum(sequence => sequence.Length);
        return new EncodedText(ids, typeIds, isTruncated, () => Offsets(texts, sequences, kept, template));
    }

    /// <summary>Returns the range of tokens that remains of each text when all texts together are cut to the maximum length.</summary>
    private Range[] Kept(int[][] sequences, int specialCount)
    {
        var lengths = Array.ConvertAll(sequences, sequence => sequence.Length);
        if (MaxLength is { } maximum && lengths.Length == 1)
            lengths[0] = Math.Min(lengths[0], maximum - specialCount);
        else if (MaxLength is { } both)
            (lengths[0], lengths[1]) = Truncation.LongestFirst(lengths[0], lengths[1], both - specialCount);
        return [.. lengths.Select((length, i) => _loaded.TruncatesLeft ? (sequences[i].Length - length).. : ..length)];
    }

    private TokenOffset[] Offsets(string[] texts, int[][] sequences, Range[] kept, IReadOnlyList<TemplatePart> template)
    {
        var offsets = new List<TokenOffset>();
        foreach (var part in template)
        {
            if (part.Sequence < 0)
            {
                offsets.Add(default);
                continue;
            }

            var ranges = _loaded.Encoder.Locate(texts[part.Sequence], sequences[part.Sequence]);
            foreach (var range in ranges.AsSpan(kept[part.Sequence]))
                offsets.Add(new TokenOffset(range.Start, range.Length, part.Sequence));
        }

        return [.. offsets];
    }

    private static int SpecialCount(IReadOnlyList<TemplatePart> template) => template.Count(part => part.Sequence < 0);

    private static TextTokenizer LoadPath(string path, int? maxLength)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        CheckMaxLength(maxLength);
        var loaded = TokenizerLoader.Load(path);
        var folder = Directory.Exists(path) ? path : Path.GetDirectoryName(Path.GetFullPath(path))!;
        return new TextTokenizer(path, loaded, TextModelFolder.Read(folder), maxLength);
    }

    private static TextTokenizer LoadFiles(IReadOnlyDictionary<string, Func<Stream>> files, int? maxLength)
    {
        ArgumentNullException.ThrowIfNull(files);
        CheckMaxLength(maxLength);
        return new TextTokenizer("the streams", TokenizerLoader.Load(new TextFiles(files), "the streams"), TextModelFolder.Read(files), maxLength);
    }

    private static void CheckMaxLength(int? maxLength)
    {
        if (maxLength is { } value)
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value, nameof(maxLength));
    }
}
