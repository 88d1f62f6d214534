namespace ModelBuild.Compression.Training.Data;

/// <summary>Rows of an input that are in memory.</summary>
/// <param name="bytes">The bytes of all rows.</param>
internal sealed class MemoryRows(byte[] bytes) : IRowArray
{
    public void Read(long row, Span<byte> target) => bytes.AsSpan(checked((int)(row * target.Length)), target.Length).CopyTo(target);
}
