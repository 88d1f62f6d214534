namespace ModelBuild.Compression.Passes.Quantization.Rotation;

/// <summary>A change of the vectors along an axis of a constant: each vector is multiplied by gains, and each block of it by a rotation.</summary>
/// <param name="Axis">The axis of the vectors.</param>
/// <param name="Start">The first element that changes.</param>
/// <param name="Length">The number of elements that change: a multiple of the rotation's size.</param>
/// <param name="Rotation">The rotation of each block.</param>
/// <param name="Gain">The name of the constant with the gains; empty if there are none.</param>
internal sealed record VectorChange(int Axis, int Start, int Length, RandomRotation Rotation, string Gain = "");
