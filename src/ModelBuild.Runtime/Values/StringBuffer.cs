using Microsoft.ML.OnnxRuntime;

namespace ModelBuild.Runtime.Values;

/// <summary>Represents a buffer of strings. ONNX Runtime has its own copies of strings, so each string is copied before and after a run.</summary>
internal sealed class StringBuffer(TensorContract contract) : TensorBuffer<string>(contract)
{
    private string[] _items = [];

    // The buffer itself identifies the memory, because native values have their own copies and never refer to it.
    public override object Memory => this;

    public override bool IsBlittable => false;

    public override long Kept => (long)_items.Length * nint.Size;

    public override Span<string> Span => new(_items, 0, Length);

    public override void SetLength(int length)
    {
        if (length > _items.Length)
            _items = new string[length];
        Length = length;
    }

    public override void Flush(OrtValue value)
    {
        for (var i = 0; i < Length; i++)
            value.StringTensorSetElementAt((_items[i] ?? "").AsSpan(), i);
    }

    public override void Clear() => Span.Fill("");

    public override bool IsOver(OrtValue value, int start = 0) => false;

    public override OrtValue CreateValue(long[] shape, int start = 0) => OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, shape);

    protected override void ExchangeMemory(TensorBuffer other) => (_items, ((StringBuffer)other)._items) = (((StringBuffer)other)._items, _items);

    protected override void CopyElements(OrtValue value)
    {
        _items = value.GetStringTensorAsArray();
        Length = _items.Length;
    }
}
