namespace ModelBuild.Runtime;

/// <summary>Represents a place in an image, such as the tip of a nose that a model of faces finds.</summary>
/// <param name="X">The distance from the left edge in pixels.</param>
/// <param name="Y">The distance from the top edge in pixels.</param>
/// <param name="Score">The score of the point from 0 to 1; 1 for a model that gives points no scores.</param>
public readonly record struct ImagePoint(float X, float Y, float Score = 1);
