namespace ModelBuild.Onnx;

/// <summary>Computes a result from the elements of a tensor.</summary>
/// <typeparam name="T">The .NET type of the elements.</typeparam>
/// <typeparam name="TResult">The type of the result.</typeparam>
/// <param name="values">The elements in row-major order.</param>
/// <returns>The result, which must not refer to the elements.</returns>
internal delegate TResult TensorReader<T, out TResult>(ReadOnlySpan<T> values)
    where T : unmanaged;
