using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using ModelBuild.Compression.Execution;

namespace ModelBuild.Compression.Calibration.Segments;

/// <summary>
/// Rents memory for the values of one call at a time, in blocks that later segments and calls reuse. If a general allocator allocated and freed such blocks
/// thousands of times on several threads, fragmentation would make it hold a multiple of the memory in use.
/// </summary>
internal sealed unsafe class CallMemory : IDisposable
{
    private const int Alignment = 64;

    private readonly List<(nint Block, long Bytes)> _free = [];
    private readonly Dictionary<OrtValue, (nint Block, long Bytes)> _rented = new(ReferenceEqualityComparer.Instance);

    /// <summary>
    /// Returns whether memory for a value can be rented: the value's type has a fixed element size and all its sizes are known. A value without dimensions does
    /// not qualify, because it may be a scalar or have an unknown rank.
    /// </summary>
    public static bool Fits(InferredTensor tensor) => tensor is { Shape.Length: > 0, Elements: not null } && SampleArray.ElementSize(tensor.Type) > 0;

    /// <summary>Rents memory for a tensor and returns the tensor, whose elements are not initialized.</summary>
    public OrtValue Rent(InferredTensor tensor)
    {
        var bytes = tensor.Bytes!.Value;
        var block = Take(Math.Max(1, bytes));
        var value = OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, (TensorElementType)(int)tensor.Type, tensor.Shape, block.Block, bytes);
        _rented.Add(value, block);
        return value;
    }

    /// <summary>Disposes a value of ONNX Runtime. If its memory is rented, the block becomes available again.</summary>
    public void Release(OrtValue value)
    {
        value.Dispose();
        if (_rented.Remove(value, out var block))
            _free.Add(block);
    }

    public void Dispose()
    {
        foreach (var (block, _) in _free.Concat(_rented.Values))
            NativeMemory.AlignedFree((void*)block);
        _free.Clear();
        _rented.Clear();
    }

    private (nint Block, long Bytes) Take(long bytes)
    {
        var best = -1;
        for (var i = 0; i < _free.Count; i++)
            if (_free[i].Bytes >= bytes && (best < 0 || _free[i].Bytes < _free[best].Bytes))
                best = i;
        if (best < 0)
            return ((nint)NativeMemory.AlignedAlloc((nuint)bytes, Alignment), bytes);
        var block = _free[best];
        _free.RemoveAt(best);
        return block;
    }
}
