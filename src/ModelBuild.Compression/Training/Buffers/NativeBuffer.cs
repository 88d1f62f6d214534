using System.Runtime.InteropServices;

namespace ModelBuild.Compression.Training.Buffers;

/// <summary>Memory outside of the managed heap, which may be larger than an array and is released at once.</summary>
internal sealed unsafe class NativeBuffer : IDisposable
{
    // The alignment of the memory in bytes. It is a cache line, because the kernels of ONNX Runtime are fastest on whole cache lines.
    private const int Alignment = 64;

    private void* _memory;

    /// <summary>Allocates memory, whose content is undefined.</summary>
    /// <param name="bytes">The number of bytes.</param>
    public NativeBuffer(long bytes) => _memory = NativeMemory.AlignedAlloc(checked((nuint)Math.Max(1, bytes)), Alignment);

    /// <summary>Releases the memory of a buffer that was not disposed of.</summary>
    ~NativeBuffer() => Release();

    /// <summary>The address of the first byte of the memory.</summary>
    public nint Address => (nint)_memory;

    /// <summary>Returns the first elements of the memory as float32 numbers.</summary>
    public ReadOnlySpan<float> Floats(long count) => new(_memory, checked((int)count));

    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    private void Release()
    {
        NativeMemory.AlignedFree(_memory);
        _memory = null;
    }
}
