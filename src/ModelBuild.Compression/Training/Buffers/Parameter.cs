namespace ModelBuild.Compression.Training.Buffers;

/// <summary>A float32 tensor that training changes. ONNX Runtime reads its values and writes its gradient in place, so both arrays never move.</summary>
internal sealed class Parameter
{
    /// <summary>Creates a parameter with a copy of the given values.</summary>
    /// <param name="name">The name of the value in the training graph.</param>
    /// <param name="shape">The sizes of its dimensions.</param>
    /// <param name="values">The first values.</param>
    public Parameter(string name, long[] shape, ReadOnlySpan<float> values)
    {
        (Name, Shape) = (name, shape);
        Values = GC.AllocateUninitializedArray<float>(values.Length, pinned: true);
        Gradient = GC.AllocateArray<float>(values.Length, pinned: true);
        values.CopyTo(Values);
    }

    /// <summary>The name of the value in the training graph.</summary>
    public string Name { get; }

    /// <summary>The sizes of the tensor's dimensions.</summary>
    public long[] Shape { get; }

    /// <summary>The values of the tensor, in row-major order.</summary>
    public float[] Values { get; }

    /// <summary>The gradient of the loss after a step, in the same order as the values.</summary>
    public float[] Gradient { get; }

    /// <summary>Whether weight decay applies to the tensor: it applies to tensors of two or more dimensions, and not to biases and scales.</summary>
    public bool IsDecayed => Shape.Length > 1;
}
