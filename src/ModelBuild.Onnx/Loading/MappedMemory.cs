using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ModelBuild.Onnx;

/// <summary>Exposes bytes of a mapped file, which stays mapped while this object is reachable.</summary>
internal sealed unsafe partial class MappedMemory(SafeMemoryMappedViewHandle view, long offset, int length) : MemoryManager<byte>
{
    // The value of the advice MADV_DONTNEED for madvise, which is the same on Linux and macOS.
    private const int DontNeed = 4;

    public override Span<byte> GetSpan() => new(Start, length);

    public override MemoryHandle Pin(int elementIndex = 0) => new(Start + elementIndex, pinnable: this);

    public override void Unpin() { }

    protected override void Dispose(bool disposing) { }

    /// <summary>Releases the memory pages that contain only these bytes. The next read loads them from the file again.</summary>
    public void Release()
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS())
            return;
        var page = (nuint)Environment.SystemPageSize;
        var first = ((nuint)Start + page - 1) / page * page;
        var end = ((nuint)Start + (nuint)length) / page * page;
        // The result of madvise is ignored, because a failure only means that the memory is not released.
        if (end > first)
            _ = Advise(first, end - first, DontNeed);
        GC.KeepAlive(this);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nuint address, nuint length, int advice);

    private byte* Start => (byte*)view.DangerousGetHandle() + offset;
}
