using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace ModelBuild.Onnx;

/// <summary>
/// Represents a file that is mapped for reading. Slices reference the handle of the view; when the last slice is collected, the finalizer of the handle
/// unmaps the file. A span of a slice is therefore valid while the tensor that it came from is reachable.
/// </summary>
internal sealed class MappedFile
{
    private readonly SafeMemoryMappedViewHandle _view;
    private readonly long _start;

    private MappedFile(SafeMemoryMappedViewHandle view, long start)
    {
        _view = view;
        _start = start;
    }

    /// <summary>Maps a file into memory for reading.</summary>
    /// <param name="path">The path of a regular file.</param>
    /// <param name="length">The length of the file in bytes, which is greater than 0.</param>
    public static MappedFile Open(string path, long length)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
        using var file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        // The accessor of the mapped file is not disposed, because that would unmap the file. The handle of the accessor has a finalizer.
        var accessor = file.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
        return new MappedFile(accessor.SafeMemoryMappedViewHandle, accessor.PointerOffset);
    }

    /// <summary>
    /// Writes bytes to a temporary file, maps the file and deletes its name, so that the system removes the file when the last slice is collected. Windows
    /// does not allow deleting a mapped file, so the method cannot be used there.
    /// </summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static MappedFile Temporary(ReadOnlySpan<byte> bytes)
    {
        var path = Path.GetTempFileName();
        try
        {
            using (var stream = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.Read, bufferSize: 0))
                stream.Write(bytes);
            return Open(path, bytes.Length);
        }
        finally
        {
            File.Delete(path);
        }
    }

    public ReadOnlyMemory<byte> Slice(long offset, int length) => new MappedMemory(_view, _start + offset, length).Memory;
}
