using ModelBuild.Generator.Shapes;

namespace ModelBuild.Generator.Classes;

/// <summary>An unknown dimension of the inputs and, where the caller is asked for it, its names in C#.</summary>
/// <param name="Chosen">The name that the project chose, or null.</param>
/// <param name="Display">The symbol, or a phrase for a dimension without one.</param>
internal sealed record DimensionMember(ShapeVariable Variable, string Display, string? Property, string? Parameter, string? Chosen = null);
