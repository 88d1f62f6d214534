namespace ModelBuild.Onnx;

/// <summary>The large data of one tensor, which is not in the skeleton.</summary>
internal sealed class TensorPayload
{
    /// <summary>Gets or sets the bytes of the tensor's field <c>raw_data</c>.</summary>
    public ReadOnlyMemory<byte>? Raw { get; set; }

    /// <summary>Gets the packed parts of the tensor's field <c>float_data</c> in order.</summary>
    public List<byte[]> Floats { get; } = [];

    /// <summary>Gets the packed parts of the tensor's field <c>double_data</c> in order.</summary>
    public List<byte[]> Doubles { get; } = [];

    /// <summary>Gets or sets whether data of the tensor was skipped instead of read.</summary>
    public bool Skipped { get; set; }

    public bool IsEmpty => Raw is null && Floats.Count == 0 && Doubles.Count == 0 && !Skipped;
}
