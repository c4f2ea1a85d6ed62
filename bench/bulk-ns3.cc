// SPDX-License-Identifier: GPL-2.0-only
// One bulk TCP transfer over one link in ns-3, for bench/bulk-ns3.mjs. Arguments: bytes, rate in bits/s, delay in ns, segment size, initial window.
// Prints {"wall": seconds of Simulator::Run alone, "segments": data segments that arrived, "bytes": ..., "virtual": seconds}.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "ns3/applications-module.h"
#include "ns3/core-module.h"
#include "ns3/internet-module.h"
#include "ns3/network-module.h"
#include "ns3/point-to-point-module.h"

using namespace ns3;

static uint64_t g_segments = 0;
static double g_last = 0;

static void Arrived(Ptr<const Packet> packet)
{
  // pure ACKs are shorter than any segment of the transfer but its last
  if (packet->GetSize() > 100) { g_segments++; g_last = Simulator::Now().GetSeconds(); }
}

int main(int argc, char** argv)
{
  if (argc != 6) { std::fprintf(stderr, "usage: bulk BYTES RATE DELAY-NS SEGMENT INITIAL-WINDOW\n"); return 2; }
  const uint64_t bytes = std::strtoull(argv[1], nullptr, 10);
  Config::SetDefault("ns3::TcpL4Protocol::SocketType", TypeIdValue(TypeId::LookupByName("ns3::TcpCubic")));
  Config::SetDefault("ns3::TcpSocket::SegmentSize", UintegerValue(std::atoi(argv[4])));
  Config::SetDefault("ns3::TcpSocket::InitialCwnd", UintegerValue(std::atoi(argv[5])));
  Config::SetDefault("ns3::TcpSocket::SndBufSize", UintegerValue(4 << 20));
  Config::SetDefault("ns3::TcpSocket::RcvBufSize", UintegerValue(6 << 20));

  NodeContainer nodes;
  nodes.Create(2);
  PointToPointHelper link;
  link.SetDeviceAttribute("DataRate", DataRateValue(DataRate(std::strtoull(argv[2], nullptr, 10))));
  link.SetChannelAttribute("Delay", TimeValue(NanoSeconds(std::atoll(argv[3]))));
  link.SetQueue("ns3::DropTailQueue<Packet>", "MaxSize", QueueSizeValue(QueueSize("1000p")));
  NetDeviceContainer devices = link.Install(nodes);
  InternetStackHelper stack;
  stack.Install(nodes);
  Ipv4AddressHelper addresses;
  addresses.SetBase("10.0.0.0", "255.255.255.0");
  Ipv4InterfaceContainer interfaces = addresses.Assign(devices);

  BulkSendHelper source("ns3::TcpSocketFactory", InetSocketAddress(interfaces.GetAddress(1), 5000));
  source.SetAttribute("MaxBytes", UintegerValue(bytes));
  source.SetAttribute("SendSize", UintegerValue(65536));
  source.Install(nodes.Get(0)).Start(Seconds(0));
  PacketSinkHelper sink("ns3::TcpSocketFactory", InetSocketAddress(Ipv4Address::GetAny(), 5000));
  ApplicationContainer sinks = sink.Install(nodes.Get(1));
  sinks.Start(Seconds(0));
  devices.Get(1)->TraceConnectWithoutContext("PhyRxEnd", MakeCallback(&Arrived));

  Simulator::Stop(Seconds(600));
  const auto begin = std::chrono::steady_clock::now();
  Simulator::Run();
  const double wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  std::printf("{\"wall\":%.6f,\"cpu\":%.6f,\"segments\":%llu,\"bytes\":%llu,\"virtual\":%.9f}\n", wall, double(std::clock()) / CLOCKS_PER_SEC, (unsigned long long)g_segments,
              (unsigned long long)DynamicCast<PacketSink>(sinks.Get(0))->GetTotalRx(), g_last);
  Simulator::Destroy();
  return 0;
}
