using ModelBuild.Generator.Signatures;
using ModelBuild.Generator.Types;

namespace ModelBuild.Generator.Classes;

/// <summary>An output and its names in C#.</summary>
/// <param name="Type">Null when C# cannot hold it: it has no member then.</param>
/// <param name="Property">Its name in the result and among the name constants.</param>
/// <param name="Parameter">Its name as a parameter for the caller's buffer, escaped.</param>
/// <param name="HasKnownShape">Whether the inputs' shapes give its shape, so that a caller can have a buffer ready.</param>
internal sealed record OutputMember(TensorSignature Tensor, ElementType? Type, string Property, string Parameter, bool HasKnownShape);
