using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Sources;

namespace ModelBuild.Runtime.Compiled;

/// <summary>Writes a model as a provider compiled it, with what goes with it, into the folder of a path that does not exist yet.</summary>
/// <param name="source">The portable model.</param>
/// <param name="options">Session options with the provider.</param>
/// <param name="path">Where the compiled model goes.</param>
/// <exception cref="OnnxRuntimeException">The provider compiles nothing of it.</exception>
internal delegate void ModelCompiler(ModelSource source, SessionOptions options, string path);
