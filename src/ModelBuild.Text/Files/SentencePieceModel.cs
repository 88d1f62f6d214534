using System.Text;

namespace ModelBuild.Text.Files;

/// <summary>Represents the content of a <c>tokenizer.model</c> of SentencePiece (Kudo and Richardson 2018).</summary>
internal sealed class SentencePieceModel
{
    private readonly List<SentencePiece> _pieces = [];

    public IReadOnlyList<SentencePiece> Pieces => _pieces;

    public bool IsBytePairs { get; private set; }

    public bool HasByteFallback { get; private set; }

    public byte[] CharacterMap { get; private set; } = [];

    public bool AddsPrefix { get; private set; } = true;

    public bool RemovesExtraSpaces { get; private set; } = true;

    /// <summary>Reads the bytes of a <c>tokenizer.model</c>.</summary>
    /// <exception cref="FormatException">The file is damaged, or of a kind that is not supported.</exception>
    public static SentencePieceModel Read(ReadOnlySpan<byte> bytes)
    {
        var model = new SentencePieceModel();
        var reader = new ProtobufReader(bytes);
        while (reader.Read())
        {
            switch (reader.Field)
            {
                case 1:
                    model._pieces.Add(ReadPiece(reader.Content));
                    break;
                case 2:
                    model.ReadTrainer(reader.Content);
                    break;
                case 3:
                    model.ReadNormalizer(reader.Content);
                    break;
            }
        }

        if (model._pieces.Count == 0)
            throw new FormatException("The model has no pieces.");
        return model;
    }

    private static SentencePiece ReadPiece(ReadOnlySpan<byte> bytes)
    {
        var (text, score, kind) = ("", 0f, SentencePieceKind.Normal);
        var reader = new ProtobufReader(bytes);
        while (reader.Read())
        {
            if (reader.Field == 1)
                text = Encoding.UTF8.GetString(reader.Content);
            else if (reader.Field == 2)
                score = reader.Float;
            else if (reader.Field == 3)
                kind = (SentencePieceKind)reader.Number;
        }

        return new SentencePiece(text, score, kind);
    }

    private void ReadTrainer(ReadOnlySpan<byte> bytes)
    {
        var reader = new ProtobufReader(bytes);
        while (reader.Read())
        {
            if (reader.Field == 3)
                IsBytePairs = reader.Number switch
                {
                    1 => false,
                    2 => true,
                    _ => throw new FormatException("The model is neither Unigram nor BPE."),
                };
            else if (reader.Field == 24 && reader.Number != 0)
                throw new FormatException("The model writes spaces as suffixes, which is not supported.");
            else if (reader.Field == 35)
                HasByteFallback = reader.Number != 0;
        }
    }

    private void ReadNormalizer(ReadOnlySpan<byte> bytes)
    {
        var reader = new ProtobufReader(bytes);
        while (reader.Read())
        {
            if (reader.Field == 2)
                CharacterMap = reader.Content.ToArray();
            else if (reader.Field == 3)
                AddsPrefix = reader.Number != 0;
            else if (reader.Field == 4)
                RemovesExtraSpaces = reader.Number != 0;
        }
    }
}
