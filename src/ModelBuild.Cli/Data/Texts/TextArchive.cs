using System.Numerics;
using ModelBuild.Cli.Data.Files;
using ModelBuild.Cli.Hosting;
using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;
using ModelBuild.Text;

namespace ModelBuild.Cli.Data.Texts;

/// <summary>Encodes texts as the generated class of the model does.</summary>
/// <param name="model">The model.</param>
/// <param name="signature">The signature of the model.</param>
/// <param name="vocabulary">The path of the file with the vocabulary; null if the model has no tokenizer.</param>
internal sealed class TextArchive(OnnxModel model, ModelSignature signature, string? vocabulary)
{
    // The number of tokens up to which texts are padded to the same length. Longer texts are padded to less than twice their length.
    private const int ShortText = 16;

    /// <summary>Writes the encoded texts and their labels to archives. Texts of similar lengths share an archive, so that rows have little padding.</summary>
    /// <param name="rows">The texts.</param>
    /// <param name="classes">The indices of their classes; null if they are unknown.</param>
    /// <param name="archives">The archives.</param>
    /// <param name="cancellationToken">A token that stops the work.</param>
    /// <returns>The number of rows.</returns>
    /// <exception cref="CompressionException">MB1019: the tokenizer is missing, broken, or not that of the model, or the model takes no texts.</exception>
    public int Write(IReadOnlyList<TextRow> rows, int[]? classes, ArchiveSet archives, CancellationToken cancellationToken)
    {
        var file = rows[0].Place.File;
        var input =
            TextInput.Find(signature)
            ?? throw DataFault.Of(
                file,
                $"The file has texts, and the model takes something else: it needs the inputs '{TextInputNames.Ids}', '{TextInputNames.Mask}' and "
                    + $"'{TextInputNames.Types}' or some of them, and has {string.Join(", ", signature.Inputs.Select(one => $"'{one.Name}'"))}. Use an .npz."
            );
        using var tokenizer = Load(input, file);
        CheckVocabulary(tokenizer);
        var encoded = new EncodedText[rows.Count];
        for (var i = 0; i < encoded.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            encoded[i] = rows[i].Second is { } second ? tokenizer.Encode(rows[i].First, second) : tokenizer.Encode(rows[i].First);
        }

        var order = Enumerable.Range(0, encoded.Length);
        foreach (var group in order.GroupBy(i => LengthGroup(input, encoded[i].Length)).OrderBy(group => group.Key))
        {
            var batch = tokenizer.Pad([.. group.Select(i => encoded[i])]);
            if (input.Length is { } length)
                batch = batch.WithLength((int)length);
            using var archive = new NpzWriter(archives.Next());
            archive.Write(TextInputNames.Ids, batch.Ids, batch.Rows, batch.Length);
            if (input.HasMask)
                archive.Write(TextInputNames.Mask, batch.Mask, batch.Rows, batch.Length);
            if (input.HasTypes)
                archive.Write(TextInputNames.Types, batch.TypeIds, batch.Rows, batch.Length);
            if (classes is not null)
                archive.Write(ArraySamples.LabelKey, [.. group.Select(i => (long)classes[i])], batch.Rows);
        }

        return rows.Count;
    }

    // Returns the key of the group of texts that share calls. With a mask and several rows, the length is rounded up to a power of two and shorter texts are
    // padded; otherwise all texts of a group have the same length.
    private static int LengthGroup(TextInput input, int length) =>
        input.Length is not null ? 0
        : input.HasMask && input.Rows is not 1 ? (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(length, ShortText))
        : length;

    private TextTokenizer Load(TextInput input, string file)
    {
        if (vocabulary is null)
            throw DataFault.Of(
                file,
                "The file has texts, and the model has no tokenizer: put tokenizer.json, vocab.txt or tokenizer.model beside the model, "
                    + "or name its file or folder with Tokenizer, or --tokenizer of the program."
            );
        try
        {
            return input.Length is { } length ? TextTokenizer.Load(vocabulary, (int)length) : TextTokenizer.Load(vocabulary);
        }
        catch (TokenizerException exception)
        {
            throw DataFault.Of(exception.File, $"The tokenizer cannot be used. {exception.Reason}", exception);
        }
        catch (FileNotFoundException exception) when (TokenizersLoader.IsManaged(exception.FileName))
        {
            throw DataFault.Of(vocabulary, TokenizersLoader.Missing, exception);
        }
    }

    private void CheckVocabulary(TextTokenizer tokenizer)
    {
        if (IndexBounds.Find(model).TryGetValue(TextInputNames.Ids, out var rows) && tokenizer.VocabularySize > rows)
            throw DataFault.Of(
                vocabulary!,
                $"The largest id of the tokenizer is {tokenizer.VocabularySize - 1}, and the embedding of the model has {rows} rows, so that the id does "
                    + "not fit. The tokenizer belongs to another model."
            );
    }
}
