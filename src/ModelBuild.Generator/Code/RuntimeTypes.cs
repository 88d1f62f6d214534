namespace ModelBuild.Generator.Code;

/// <summary>
/// Lists the full names of the types that generated code uses. Each starts with <c>global::</c>, so that namespaces of the project cannot hide the type.
/// </summary>
internal static class RuntimeTypes
{
    public const string Namespace = "global::ModelBuild.Runtime.";
    public const string Host = Namespace + "ModelHost";
    public const string Model = Namespace + "IModel";
    public const string Call = Namespace + "ModelCall";
    public const string ModelResult = Namespace + "ModelResult";
    public const string Options = Namespace + "ModelOptions";
    public const string Placement = Namespace + "Placement";
    public const string Recording = Namespace + "ModelRecording";
    public const string Contract = Namespace + "ModelContract";
    public const string Location = Namespace + "ModelLocation";
    public const string Tensor = Namespace + "TensorContract";
    public const string Dimension = Namespace + "TensorDimension";
    public const string Variable = Namespace + "ShapeVariable";
    public const string State = Namespace + "ModelState";
    public const string StreamContract = Namespace + "StreamContract";
    public const string Stream = Namespace + "ModelStream";
    public const string GenerationStream = Namespace + "GenerationStream";
    public const string GenerationOptions = Namespace + "GenerationOptions";
    public const string OnnxType = Namespace + "OnnxType";
    public const string LabelScore = Namespace + "LabelScore";
    public const string ScoreKind = Namespace + "ScoreKind";
    public const string View = Namespace + "TensorView";
    public const string ImageView = Namespace + "ImageView";
    public const string ImagePreparation = Namespace + "ImagePreparation";
    public const string ImageLayout = Namespace + "ImageLayout";
    public const string Detection = Namespace + "Detection";
    public const string DetectionReader = Namespace + "DetectionReader";
    public const string ClassMap = Namespace + "ClassMap";
    public const string ValueMap = Namespace + "ValueMap";
    public const string MapReader = Namespace + "MapReader";
    public const string AudioPreparation = Namespace + "AudioPreparation";
    public const string AudioLayout = Namespace + "AudioLayout";
    public const string AudioChunker = Namespace + "AudioChunker";
    public const string SpeechSegment = Namespace + "SpeechSegment";
    public const string SpeechSegmentOptions = Namespace + "SpeechSegmentOptions";
    public const string SpeechSegments = Namespace + "SpeechSegments";
    public const string Session = "global::Microsoft.ML.OnnxRuntime.InferenceSession";
    public const string ReadOnlySpan = "global::System.ReadOnlySpan";
    public const string ReadOnlyMemory = "global::System.ReadOnlyMemory";
    public const string Span = "global::System.Span";
    public const string CancellationToken = "global::System.Threading.CancellationToken";
    public const string Task = "global::System.Threading.Tasks.Task";
}
