using ModelBuild.Generator.Signatures;
using ModelBuild.Generator.Types;

namespace ModelBuild.Generator.Classes;

/// <summary>An output and its names in C#.</summary>
/// <param name="Type">The element type of a tensor; null for other kinds, and when C# cannot hold it.</param>
/// <param name="Value">The type of a value that is no tensor. An output with neither has no member.</param>
/// <param name="Property">Its name in the result and among the name constants.</param>
/// <param name="Parameter">Its name as a parameter for the caller's buffer, escaped.</param>
/// <param name="HasKnownShape">Whether the inputs' shapes give its shape, so that a caller can have a buffer ready.</param>
internal sealed record OutputMember(TensorSignature Tensor, ElementType? Type, NestedType? Value, string Property, string Parameter, bool HasKnownShape)
{
    /// <summary>Whether C# can hold it.</summary>
    public bool IsTyped => Type is not null || Value is not null;
}
