using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace ModelBuild.Onnx;

/// <summary>
/// A file mapped for reading. Slices hold the view's handle; when the last one is collected, the handle's finalizer unmaps
/// the file. So a span of a slice is valid while the tensor that it came from is reachable.
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

    /// <param name="path">A regular file.</param>
    /// <param name="length">Its length in bytes, more than 0.</param>
    public static MappedFile Open(string path, long length)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
        using var file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        // The accessor is not disposed: it would unmap. Its handle has a finalizer of its own.
        var accessor = file.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
        return new MappedFile(accessor.SafeMemoryMappedViewHandle, accessor.PointerOffset);
    }

    /// <summary>Bytes in a temporary file without a name, which is gone when the last slice is collected. Not on Windows, which keeps the names of mapped files.</summary>
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
