using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ModelBuild.Onnx;

/// <summary>Bytes of a mapped file, which stays mapped while this is reachable.</summary>
internal sealed unsafe partial class MappedMemory(SafeMemoryMappedViewHandle view, long offset, int length) : MemoryManager<byte>
{
    // The same number on Linux and macOS.
    private const int DontNeed = 4;

    public override Span<byte> GetSpan() => new(Start, length);

    public override MemoryHandle Pin(int elementIndex = 0) => new(Start + elementIndex, pinnable: this);

    public override void Unpin() { }

    protected override void Dispose(bool disposing) { }

    /// <summary>Gives the pages back that hold nothing else. The next read takes them from the file again.</summary>
    public void Release()
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS())
            return;
        var page = (nuint)Environment.SystemPageSize;
        var first = ((nuint)Start + page - 1) / page * page;
        var end = ((nuint)Start + (nuint)length) / page * page;
        // A hint: what fails costs memory, nothing else.
        if (end > first)
            _ = Advise(first, end - first, DontNeed);
        GC.KeepAlive(this);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nuint address, nuint length, int advice);

    private byte* Start => (byte*)view.DangerousGetHandle() + offset;
}
