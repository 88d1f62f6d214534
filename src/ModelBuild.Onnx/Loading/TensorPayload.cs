namespace ModelBuild.Onnx;

/// <summary>The large data of one tensor, kept out of the skeleton.</summary>
internal sealed class TensorPayload
{
    /// <summary>The bytes of <c>raw_data</c>.</summary>
    public ReadOnlyMemory<byte>? Raw { get; set; }

    /// <summary>Packed pieces of <c>float_data</c>, in order.</summary>
    public List<byte[]> Floats { get; } = [];

    /// <summary>Packed pieces of <c>double_data</c>, in order.</summary>
    public List<byte[]> Doubles { get; } = [];

    /// <summary>Data was left in the file.</summary>
    public bool Skipped { get; set; }

    public bool IsEmpty => Raw is null && Floats.Count == 0 && Doubles.Count == 0 && !Skipped;
}
