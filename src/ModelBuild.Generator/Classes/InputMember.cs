using ModelBuild.Generator.Signatures;
using ModelBuild.Generator.Types;

namespace ModelBuild.Generator.Classes;

/// <summary>Represents an input of a model with its names in C#.</summary>
/// <param name="Index">The position among the model's inputs.</param>
/// <param name="Type">The element type of a tensor; null for other values, and for types without a C# type.</param>
/// <param name="Value">The type of a value that is not a tensor; null for tensors, and for types without a C# type.</param>
/// <param name="Property">The name in the input struct and among the name constants.</param>
/// <param name="Parameter">The name of the parameter, escaped.</param>
/// <param name="ShapeProperty">The name of the shape argument if the rank is undeclared; null otherwise.</param>
internal sealed record InputMember(
    int Index,
    TensorSignature Tensor,
    ElementType? Type,
    NestedType? Value,
    string Property,
    string Parameter,
    string? ShapeProperty,
    string? ShapeParameter
)
{
    /// <summary>Gets the input in the form that the readers of descriptions use.</summary>
    public DescribedValue Described => new(Tensor.Name, Type?.Onnx ?? "", Tensor.Sizes);

    /// <summary>Gets whether the input has a C# type.</summary>
    public bool IsTyped => Type is not null || Value is not null;

    /// <summary>Gets whether a call may omit the input.</summary>
    public bool IsOptional => Value is { IsOptional: true };
}
