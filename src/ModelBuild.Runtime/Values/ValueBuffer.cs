using Microsoft.ML.OnnxRuntime;

namespace ModelBuild.Runtime.Values;

/// <summary>An input or output that is no tensor: sequences, maps and optionals are copied on their way in and out, and a list counts as many rows as it has items.</summary>
internal sealed class ValueBuffer(TensorContract contract) : TensorBuffer(contract)
{
    private PreparedValue? _prepared;

    /// <summary>The value in .NET; null when it is absent.</summary>
    public object? Value { get; private set; }

    /// <summary>Whether the next run gets a value.</summary>
    public bool IsGiven => _prepared is not null;

    /// <summary>The shapes of the tensors that the next run gets.</summary>
    public IReadOnlyList<long[]> Shapes => _prepared?.Shapes ?? [];

    // Nothing stands on our memory for longer than a run.
    public override object Memory => this;

    public override bool IsBlittable => false;

    /// <summary>Takes a caller's value.</summary>
    /// <exception cref="ArgumentException">It is nothing that ONNX Runtime takes.</exception>
    public void Set<T>(T value)
    {
        _prepared = ((OnnxType<T>)Contract.Value!).Prepare(value, Contract.ElementShape is []);
        Value = value;
        // Bindings with the value are others than those without.
        GiveShape([IsGiven ? 1 : 0]);
    }

    /// <summary>Takes what a run, or a fake, answers.</summary>
    public void Answer(object? value)
    {
        Value = value;
        if (value is System.Collections.ICollection list)
            Show([list.Count], list.Count);
    }

    public override void SetLength(int length) => Length = length;

    public override void Clear()
    {
        (Value, _prepared) = (null, null);
        GiveShape([0]);
    }

    public override void CopyTo(int start, TensorBuffer destination, int at, int count) =>
        ((ValueBuffer)destination).Value = Contract.Value!.Slice(Value!, start, count);

    public override OrtValue CreateValue(long[] shape, int start = 0) => _prepared!.Create();

    public override void CopyFrom(OrtValue? value) => Answer(Contract.Value!.ReadAny(value));

    public override bool IsOver(OrtValue value, int start = 0) => false;

    protected override void CopyElements(OrtValue value) => throw new NotSupportedException();

    protected override void ExchangeMemory(TensorBuffer other) => throw new NotSupportedException();
}
