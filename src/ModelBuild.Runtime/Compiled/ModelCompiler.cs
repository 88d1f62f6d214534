using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Sources;

namespace ModelBuild.Runtime.Compiled;

/// <summary>Compiles a model for a provider. The compiled model is written to a path that does not exist yet, and its other files to the same folder.</summary>
/// <param name="source">The original model.</param>
/// <param name="options">The session options, which contain the provider.</param>
/// <param name="path">The path of the compiled model.</param>
/// <exception cref="OnnxRuntimeException">The provider does not compile any node of the model.</exception>
internal delegate void ModelCompiler(ModelSource source, SessionOptions options, string path);
