using System.Text;

namespace ModelBuild.Text.Tests.Support;

/// <summary>Writes the protobuf file of a SentencePiece model.</summary>
internal static class SentencePieceFile
{
    public const int Unigram = 1;
    public const int BytePairs = 2;

    public static byte[] Write(IEnumerable<(string Text, float Score, int Kind)> pieces, int type, bool byteFallback, bool removesSpaces)
    {
        var file = new MemoryStream();
        foreach (var (text, score, kind) in pieces)
        {
            var piece = new MemoryStream();
            WriteBytes(piece, 1, Encoding.UTF8.GetBytes(text));
            piece.WriteByte(2 << 3 | 5);
            piece.Write(BitConverter.GetBytes(score));
            WriteNumber(piece, 3, kind);
            WriteBytes(file, 1, piece.ToArray());
        }

        var trainer = new MemoryStream();
        WriteNumber(trainer, 3, type);
        WriteNumber(trainer, 35, byteFallback ? 1 : 0);
        WriteBytes(file, 2, trainer.ToArray());
        var normalizer = new MemoryStream();
        WriteNumber(normalizer, 3, 1);
        WriteNumber(normalizer, 4, removesSpaces ? 1 : 0);
        WriteBytes(file, 3, normalizer.ToArray());
        return file.ToArray();
    }

    private static void WriteNumber(Stream stream, int field, int value)
    {
        WriteVarint(stream, field << 3);
        WriteVarint(stream, value);
    }

    private static void WriteBytes(Stream stream, int field, byte[] bytes)
    {
        WriteVarint(stream, field << 3 | 2);
        WriteVarint(stream, bytes.Length);
        stream.Write(bytes);
    }

    private static void WriteVarint(Stream stream, int value)
    {
        for (; value >= 0x80; value >>= 7)
            stream.WriteByte((byte)(value | 0x80));
        stream.WriteByte((byte)value);
    }
}
