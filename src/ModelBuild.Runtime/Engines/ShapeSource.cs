namespace ModelBuild.Runtime.Engines;

/// <summary>Specifies the source from which the shape of an output is known before a run, so that ONNX Runtime can write to a buffer of the call.</summary>
internal enum ShapeSource
{
    /// <summary>The signature declares the shape.</summary>
    Declared,

    /// <summary>An earlier run on inputs of the same shapes had the shape.</summary>
    PreviousRun,

    /// <summary>The shape is unknown before a run, because it depends on the values of the inputs.</summary>
    Unknown,
}
