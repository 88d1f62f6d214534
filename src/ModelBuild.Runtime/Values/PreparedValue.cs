using Microsoft.ML.OnnxRuntime;

namespace ModelBuild.Runtime.Values;

/// <summary>Represents a copy of the value that a caller passed, from which each run creates a native value.</summary>
/// <param name="Create">Creates the native value, which uses memory of this object.</param>
/// <param name="Shapes">The shapes of all tensors in the value.</param>
internal sealed record PreparedValue(Func<OrtValue> Create, IReadOnlyList<long[]> Shapes);
