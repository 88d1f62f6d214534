namespace ModelBuild.Compression.Training.Data;

/// <summary>Rows of an input that are read from a file.</summary>
/// <param name="files">The open files.</param>
/// <param name="path">The path of the file.</param>
/// <param name="offset">The position of the first row in the file.</param>
internal sealed class FileRows(OpenFiles files, string path, long offset) : IRowArray
{
    public void Read(long row, Span<byte> target) => files.Read(path, offset + row * target.Length, target);
}
