using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace ModelBuild.Runtime.Values;

/// <summary>Represents a buffer that ONNX Runtime reads and writes in place.</summary>
internal sealed class BlittableBuffer<T>(TensorContract contract, TensorElementType type) : TensorBuffer<T>(contract)
    where T : unmanaged
{
    /// <summary>The alignment of the first element in bytes: the size of a cache line and of the widest vectors.</summary>
    private const int Alignment = 64;

    private T[] _items = [];
    private int _start;
    private int _capacity = -1;

    private ref T First => ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_items), _start);

    public override object Memory => _items;

    public override bool IsBlittable => true;

    public override ReadOnlySpan<byte> Bytes => MemoryMarshal.AsBytes(Span);

    public override Span<byte> WritableBytes => MemoryMarshal.AsBytes(Span);

    public override long Kept => (long)_items.Length * Unsafe.SizeOf<T>();

    public override Span<T> Span => new(_items, _start, Length);

    /// <summary>Gets the elements in use.</summary>
    public ReadOnlyMemory<T> Elements => new(_items, _start, Length);

    public override unsafe void SetLength(int length)
    {
        if (length > _capacity)
        {
            // The capacity grows by at least half, so that lengths that grow with every call do not cause an allocation each time.
            var capacity = _capacity < 0 ? length : (int)Math.Min(Math.Max(length, _capacity * 3L / 2), Array.MaxLength - Alignment);
            capacity = Math.Max(capacity, length);
            _items = GC.AllocateUninitializedArray<T>(capacity + (Alignment / sizeof(T)), pinned: true);
            var address = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_items));
            _start = (int)((Alignment - (address % Alignment)) % Alignment) / sizeof(T);
            _capacity = capacity;
        }

        Length = length;
    }

    public override void Clear() => Span.Clear();

    public override bool IsOver(OrtValue value, int start = 0)
    {
        var bytes = value.GetTensorMutableRawData();
        return bytes.IsEmpty ? Length == 0 : Unsafe.AreSame(ref MemoryMarshal.GetReference(bytes), ref Unsafe.As<T, byte>(ref Unsafe.Add(ref First, start)));
    }

    public override unsafe OrtValue CreateValue(long[] shape, int start = 0) =>
        OrtValue.CreateTensorValueWithData(
            OrtMemoryInfo.DefaultInstance,
            type,
            shape,
            (nint)Unsafe.AsPointer(ref Unsafe.Add(ref First, start)),
            ShapeTemplate.Product(shape) * sizeof(T)
        );

    protected override void ExchangeMemory(TensorBuffer other)
    {
        var that = (BlittableBuffer<T>)other;
        (_items, that._items) = (that._items, _items);
        (_start, that._start) = (that._start, _start);
        (_capacity, that._capacity) = (that._capacity, _capacity);
    }

    protected override void CopyElements(OrtValue value)
    {
        // The elements are read as bytes, because ONNX Runtime has its own types for float16 and bfloat16, which differ from T.
        var elements = MemoryMarshal.Cast<byte, T>(value.GetTensorMutableRawData());
        SetLength(elements.Length);
        elements.CopyTo(Span);
    }
}
