using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace ModelBuild.Onnx;

/// <summary>Bytes of a mapped file, which stays mapped while this is reachable.</summary>
internal sealed unsafe class MappedMemory(SafeMemoryMappedViewHandle view, long offset, int length) : MemoryManager<byte>
{
    public override Span<byte> GetSpan() => new(Start, length);

    public override MemoryHandle Pin(int elementIndex = 0) => new(Start + elementIndex, pinnable: this);

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
    }

    private byte* Start => (byte*)view.DangerousGetHandle() + offset;
}
