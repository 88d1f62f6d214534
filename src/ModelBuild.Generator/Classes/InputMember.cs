using ModelBuild.Generator.Signatures;
using ModelBuild.Generator.Types;

namespace ModelBuild.Generator.Classes;

/// <summary>An input and its names in C#.</summary>
/// <param name="Index">Its place among the model's inputs.</param>
/// <param name="Type">The element type of a tensor; null for other kinds, and when C# cannot hold it.</param>
/// <param name="Value">The type of a value that is no tensor; null for tensors, and when C# cannot hold it.</param>
/// <param name="Property">Its name in the input struct and among the name constants.</param>
/// <param name="Parameter">Its name as a parameter, escaped.</param>
/// <param name="ShapeProperty">Where the caller says the shape, when the model leaves the rank open.</param>
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
    /// <summary>Whether C# can hold it.</summary>
    public bool IsTyped => Type is not null || Value is not null;

    /// <summary>Whether a call may leave it out.</summary>
    public bool IsOptional => Value is { IsOptional: true };
}
