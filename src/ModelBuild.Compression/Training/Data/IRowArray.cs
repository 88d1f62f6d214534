namespace ModelBuild.Compression.Training.Data;

/// <summary>The values of an input for many rows. Rows are read by position, from any thread.</summary>
internal interface IRowArray
{
    /// <summary>Copies the bytes of one row.</summary>
    /// <param name="row">The position of the row.</param>
    /// <param name="target">The memory for exactly one row.</param>
    void Read(long row, Span<byte> target);
}
