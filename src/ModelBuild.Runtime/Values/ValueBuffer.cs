using Microsoft.ML.OnnxRuntime;

namespace ModelBuild.Runtime.Values;

/// <summary>
/// Represents the buffer of an input or output that is not a tensor. Sequences, maps and optionals are copied before and after a run. A sequence has as many
/// rows as items.
/// </summary>
internal sealed class ValueBuffer(TensorContract contract) : TensorBuffer(contract)
{
    private PreparedValue? _prepared;

    /// <summary>Gets the .NET value; null for an empty optional.</summary>
    public object? Value { get; private set; }

    /// <summary>Gets whether the next run has a value for this input.</summary>
    public bool IsGiven => _prepared is not null;

    /// <summary>Gets the shapes of the tensors in the value of the next run.</summary>
    public IReadOnlyList<long[]> Shapes => _prepared?.Shapes ?? [];

    // The buffer itself identifies the memory, because no native value refers to it after a run.
    public override object Memory => this;

    public override bool IsBlittable => false;

    /// <summary>Sets the value that a caller passes for the next run.</summary>
    /// <exception cref="ArgumentException">ONNX Runtime does not accept the value.</exception>
    public void Set<T>(T value)
    {
        _prepared = ((OnnxType<T>)Contract.Value!).Prepare(value, Contract.ElementShape is []);
        Value = value;
        // The given shape is set so that calls with and without a value use different bindings.
        SetGivenShape([IsGiven ? 1 : 0]);
    }

    /// <summary>Sets the value that a run or a fake returned.</summary>
    public void SetValue(object? value)
    {
        Value = value;
        if (value is System.Collections.ICollection list)
            SetShape([list.Count], list.Count);
    }

    public override void SetLength(int length) => Length = length;

    public override void Clear()
    {
        (Value, _prepared) = (null, null);
        SetGivenShape([0]);
    }

    public override void CopyTo(int start, TensorBuffer destination, int at, int count) =>
        ((ValueBuffer)destination).Value = Contract.Value!.Slice(Value!, start, count);

    public override OrtValue CreateValue(long[] shape, int start = 0) => _prepared!.Create();

    public override void CopyFrom(OrtValue? value) => SetValue(Contract.Value!.ReadAny(value));

    public override bool IsOver(OrtValue value, int start = 0) => false;

    protected override void CopyElements(OrtValue value) => throw new NotSupportedException();

    protected override void ExchangeMemory(TensorBuffer other) => throw new NotSupportedException();
}
