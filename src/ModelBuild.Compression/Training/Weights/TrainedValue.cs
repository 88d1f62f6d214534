using ModelBuild.Compression.Training.Buffers;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Weights;

/// <summary>
/// A float32 input of the training graph that training changes. Its values follow from the numbers that the optimizer changes, which keeps the form that the
/// steps before training left: zeros stay zeros, and codes stay integers.
/// </summary>
internal abstract class TrainedValue
{
    /// <summary>The input of the training graph, and its gradient.</summary>
    public abstract Parameter Input { get; }

    /// <summary>The numbers that the optimizer changes.</summary>
    public abstract Parameter Free { get; }

    /// <summary>Computes the values of <see cref="Input"/> from those of <see cref="Free"/>.</summary>
    public abstract void Compute();

    /// <summary>Computes the gradient of <see cref="Free"/> from that of <see cref="Input"/>.</summary>
    public abstract void Collect();

    /// <summary>Returns the constants of the model that hold the values. Their names and element types are those of the model.</summary>
    public abstract IEnumerable<TensorProto> Constants();
}
