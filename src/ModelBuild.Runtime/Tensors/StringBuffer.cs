using Microsoft.ML.OnnxRuntime;

namespace ModelBuild.Runtime.Tensors;

/// <summary>Strings: ONNX Runtime has its own copy of them, so they travel both ways one by one.</summary>
internal sealed class StringBuffer(TensorContract contract) : TensorBuffer<string>(contract)
{
    private string[] _items = [];

    public override Span<string> Span => new(_items, 0, Length);

    public override void SetLength(int length)
    {
        if (length > _items.Length)
            _items = new string[length];
        Length = length;
    }

    public override void Flush()
    {
        for (var i = 0; i < Length; i++)
            Value!.StringTensorSetElementAt((_items[i] ?? "").AsSpan(), i);
    }

    public override bool IsOver(OrtValue value) => false;

    protected override OrtValue CreateValue(long[] shape) => OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, shape);

    protected override void CopyElements(OrtValue value)
    {
        _items = value.GetStringTensorAsArray();
        Length = _items.Length;
    }
}
