using ModelBuild.Generator.Shapes;

namespace ModelBuild.Generator.Classes;

/// <summary>Represents a variable dimension of the inputs and, if its size is an argument, its names in C#.</summary>
/// <param name="Chosen">The name that the project sets; null if it sets none.</param>
/// <param name="Display">The symbol, or a phrase for a dimension without a symbol.</param>
internal sealed record DimensionMember(ShapeVariable Variable, string Display, string? Property, string? Parameter, string? Chosen = null);
