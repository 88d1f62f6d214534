namespace ModelBuild.Runtime;

/// <summary>What a model is turned into for Core ML.</summary>
public enum CoreMLFormat
{
    /// <summary>The older form: iOS 13, macOS 10.15.</summary>
    NeuralNetwork,

    /// <summary>The newer form, with more operators: iOS 15, macOS 12.</summary>
    MLProgram,
}
