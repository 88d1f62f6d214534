using ModelBuild.Generator.Signatures;
using ModelBuild.Generator.Types;

namespace ModelBuild.Generator.Classes;

/// <summary>Represents an output of a model with its names in C#.</summary>
/// <param name="Type">The element type of a tensor; null for other values, and for types without a C# type.</param>
/// <param name="Value">The type of a value that is not a tensor. An output without either type has no member.</param>
/// <param name="Property">The name in the result and among the name constants.</param>
/// <param name="Parameter">The name of the parameter for the caller's buffer, escaped.</param>
/// <param name="HasKnownShape">
/// Whether the shape of the output follows from the shapes of the inputs, so that a caller can allocate a buffer before the call.
/// </param>
internal sealed record OutputMember(TensorSignature Tensor, ElementType? Type, NestedType? Value, string Property, string Parameter, bool HasKnownShape)
{
    /// <summary>Gets whether the output has a C# type.</summary>
    public bool IsTyped => Type is not null || Value is not null;

    /// <summary>Gets the output in the form that the readers of descriptions use.</summary>
    public DescribedValue Described => new(Tensor.Name, Type?.Onnx ?? "", Tensor.Sizes);

    /// <summary>Gets whether the output has one number for each class after convolutions and pooling: [rows, classes, 1, 1].</summary>
    public bool HasPooledScores => Tensor.Shape is { Count: 4 } shape && shape[2].Size == 1 && shape[3].Size == 1;
}
