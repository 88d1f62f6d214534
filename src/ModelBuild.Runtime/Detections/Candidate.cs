namespace ModelBuild.Runtime.Detections;

/// <summary>Represents a box whose score, as the model computes it, is above the threshold.</summary>
/// <param name="Score">The score.</param>
/// <param name="Class">The zero-based index of the class.</param>
/// <param name="Box">The box in pixels of the prepared image.</param>
/// <param name="Place">The index of the box among all boxes of the image.</param>
internal readonly record struct Candidate(float Score, int Class, ImageBox Box, int Place);
