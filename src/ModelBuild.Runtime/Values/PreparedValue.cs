using Microsoft.ML.OnnxRuntime;

namespace ModelBuild.Runtime.Values;

/// <summary>A copy of the value of a caller, from which each run creates a native value.</summary>
/// <param name="Create">Creates the native value, which uses memory of this object.</param>
/// <param name="Shapes">The shapes of all tensors in the value.</param>
internal sealed record PreparedValue(Func<OrtValue> Create, IReadOnlyList<long[]> Shapes);
